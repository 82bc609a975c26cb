/// What goes wrong in commands beyond what the library reports; the message is for the user as it is.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
