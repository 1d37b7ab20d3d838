to_start = lambda user: []
