"""What the engine refuses, in sentences fit for the person who reads them."""


class EngineError(Exception):
    """Something about the input, the codebook or the installation must be put right first."""
