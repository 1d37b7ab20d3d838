to_sign = to_send = duties_due = lambda user: []
