"""The operator's hand: backup and restore, the doctor, rotation of keys, the first invitation."""


class OperationRefusedError(RuntimeError):
    """What the operator asked for cannot be done now; the message says why and what to do."""
