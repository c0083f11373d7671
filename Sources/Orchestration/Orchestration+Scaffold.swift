// The Orchestration target.
