"""placeholder"""
def raw_door(warehouse):
    return lambda connector, package, as_of: []
