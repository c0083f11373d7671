// The Simulation target.
