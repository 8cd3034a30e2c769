"""Studies: the model held to history and to published games."""
