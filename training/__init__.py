"""Development-time commands that train the parts of the engine that ship ready-made."""
