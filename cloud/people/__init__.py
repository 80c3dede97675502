"""Staff: invitation, passkeys, sign-in sessions."""
