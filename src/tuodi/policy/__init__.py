"""Published documents -> rules in force: strict schema, checks, choice by date, differences."""
