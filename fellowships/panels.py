hosting_of = placements_under = lambda o, u: None
