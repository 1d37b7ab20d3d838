agreements_of = lambda o, u: None
