import Commands
import Petrel

let warehouse = Warehouse(free: ["lamp": 5, "chair": 1])

await Application.main(actions: warehouse.actions)
