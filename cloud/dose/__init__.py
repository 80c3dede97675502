"""What was delivered, from verified records only: sessions, and their sums by day, week, course."""
