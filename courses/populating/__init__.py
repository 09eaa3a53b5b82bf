"""A synthetic library with history, for trials and benchmarks: made in bulk, the same for the same seed and day.

``library`` its units and people, a batch at a time; ``teaching`` its courses; ``history`` what its people did in them.
"""
