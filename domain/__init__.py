"""The vocabulary of every lifecycle: ids, states, messages, results, pure rules. No I/O, no Temporal."""
