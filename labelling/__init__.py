"""Labels: what a text is about and how it sounds, by labellers that were measured.

Nothing is imported here: a command must not wait for what labelling needs.
"""
