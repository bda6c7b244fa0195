"""What a person has to mend before texts can be labelled, each in one sentence."""


class LabelError(Exception):
    """Labels can not be taken or made; the message names the cause and the remedy."""
