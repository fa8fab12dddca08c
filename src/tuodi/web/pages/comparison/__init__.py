"""Monthly comparison: roster, platform marks, enrolment."""
