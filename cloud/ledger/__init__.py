"""The device's record: taken in, verified against signed heads, folded into doses."""
