// Small behaviour the pages share; everything works without it.
