// The Workflows target.
