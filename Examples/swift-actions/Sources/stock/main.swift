import Commands
import Petrel

let warehouse = Warehouse(free: ["lamp": 5, "chair": 1])
let returns = Returns()

await Application.main(
  actions: warehouse.actions + [warehouse.shelving(for: returns)],
  workflows: [returns.workflow])
