"""Files -> facts: column layouts, rosters, settlements; every bad row becomes a finding."""
