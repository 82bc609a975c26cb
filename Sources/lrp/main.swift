print("lrp")
