"""How each kind of claim is judged by what was measured."""
