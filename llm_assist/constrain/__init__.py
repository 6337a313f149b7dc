"""What an answer must look like: grammars, schemas and their matching."""
