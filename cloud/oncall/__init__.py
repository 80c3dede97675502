"""Who is on call, until when nobody is disturbed, who is next, and whether a call would ring."""
