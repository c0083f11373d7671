// The Web target.
