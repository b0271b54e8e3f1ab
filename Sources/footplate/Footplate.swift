@main struct Footplate { static func main() {} }
