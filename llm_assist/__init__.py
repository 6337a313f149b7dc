"""Everything that talks to a language model. What a model says is untrusted until the engines have judged it."""
