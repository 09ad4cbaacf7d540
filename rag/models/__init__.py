"""Models and what they are loaded with: encoder, readers, entailment, adapters, prompts.

Torch and transformers are imported in here alone, inside functions.
"""
