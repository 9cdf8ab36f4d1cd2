"""Steps of curate: filter sets, block lists, the order of reasons, and the rows of corpus/."""
