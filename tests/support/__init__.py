"""What the tests in Python share: a stack of their own, the contract, a client."""
