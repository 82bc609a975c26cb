/// Reads a pickle without running anything: a stack machine that makes plain data and descriptions of tensors.
///
/// What a state dict consists of is understood (``PickleGlobal``), other objects are passed over with their contents.
/// Depth, the number of objects and what they take in memory are limited by the file's size, and a container that lies
/// inside another can no longer change, so the result is a finite tree however its parts are shared.
struct PickleInterpreter {
  private(set) var reader: ByteReader
  /// Storages that were named: element type and count by key.
  var storages: [String: (type: ElementType, count: Int)] = [:]
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// Bytes that may still be taken by objects that last.
  private var budget: Int
  private let largestStack: Int

  /// Containers within containers; state dicts have three or four.
  static let deepest = 64
  private static let longestName = 256

  init(_ reader: ByteReader) {
    self.reader = reader
    budget = 16 << 20 + 3 * min(reader.file.count, 1 << 40)
    largestStack = 1 << 16 + min(reader.file.count, 1 << 40) / 32
  }

  /// Reads up to and with the STOP instruction.
  mutating func run() throws -> PickleValue {
    while true {
      let code = try reader.byte()
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw wrong("the pickle instruction 0x\(String(code, radix: 16))", "one that torch.save writes")
      }
      if opcode == .stop {
        guard stack.count == 1, marks.isEmpty, let result = stack.first else {
          throw wrong("\(stack.count) objects at the end of the pickle", "1")
        }
        return result
      }
      try perform(opcode)
      guard stack.count <= largestStack, marks.count <= largestStack else {
        throw wrong("\(stack.count) unfinished objects in the pickle", "at most \(largestStack)")
      }
    }
  }

  func wrong(_ found: String, _ expected: String, _ advice: String? = nil) -> ModelFormatError {
    reader.wrong(found + " before byte \(reader.position)", expected, advice)
  }

  mutating func spend(_ bytes: Int) throws {
    budget -= min(bytes, 1 << 50)
    guard budget >= 0 else {
      throw wrong("more objects in the pickle than its file's size allows", "a state dict", "do not trust this file")
    }
  }

  // MARK: Instructions

  private mutating func perform(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .stop: break
    case .protocolVersion:
      let version = try reader.byte()
      guard version <= 5 else { throw wrong("pickle protocol \(version)", "2 to 5") }
    case .frame: _ = try reader.unsigned(8)
    case .mark: marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .duplicate: stack.append(try top())
    case .none: stack.append(.nothing)
    case .newTrue: stack.append(.boolean(true))
    case .newFalse: stack.append(.boolean(false))
    case .binInt: stack.append(.integer(Int(Int32(truncatingIfNeeded: try reader.unsigned(4)))))
    case .binInt1: stack.append(.integer(Int(try reader.byte())))
    case .binInt2: stack.append(.integer(try reader.count(2)))
    case .long1: try pushLong(Int(try reader.byte()))
    case .long4: try pushLong(try reader.count(4))
    case .binFloat: stack.append(.float(Double(bitPattern: try reader.unsigned(8).byteSwapped)))
    case .shortBinString, .shortBinUnicode: try pushText(try reader.count(1))
    case .binString, .binUnicode: try pushText(try reader.count(4))
    case .binUnicode8: try pushText(try reader.count(8))
    case .shortBinBytes: try pushBytes(try reader.count(1))
    case .binBytes: try pushBytes(try reader.count(4))
    case .binBytes8, .byteArray8: try pushBytes(try reader.count(8))
    case .emptyList: try push(.list(PickleSequence()))
    case .emptyTuple: try push(.tuple(PickleSequence()))
    case .emptyDictionary: try push(.dictionary(PickleDictionary()))
    case .emptySet: stack.append(.opaque(of: "set"))
    case .tuple1: try pushTuple(1)
    case .tuple2: try pushTuple(2)
    case .tuple3: try pushTuple(3)
    case .tuple: try push(.tuple(PickleSequence(popToMark())))
    case .list: try push(.list(PickleSequence(popToMark())))
    case .frozenSet:
      _ = try popToMark()
      stack.append(.opaque(of: "frozenset"))
    case .dictionary:
      let pairs = try popToMark()
      let dictionary = PickleDictionary()
      try set(pairs[...], in: dictionary)
      try push(.dictionary(dictionary))
    case .append: try append([try pop()])
    case .appends: try append(try popToMark())
    case .addItems:
      _ = try popToMark()
      guard case .opaque = try top() else { throw wrong("items added to \(try top().word)", "a set") }
    case .setItem:
      let value = try pop()
      try setItems([try pop(), value])
    case .setItems: try setItems(try popToMark())
    case .binPut: try remember(try reader.count(1))
    case .longBinPut: try remember(try reader.count(4))
    case .memoize: try remember(memo.count)
    case .binGet: try recall(try reader.count(1))
    case .longBinGet: try recall(try reader.count(4))
    case .global:
      let module = try reader.line(atMost: Self.longestName)
      try pushGlobal(module, try reader.line(atMost: Self.longestName))
    case .stackGlobal:
      guard case (.text(let name), .text(let module)) = (try pop(), try pop()) else {
        throw wrong("a global that is not named by texts", "a module and a name")
      }
      try pushGlobal(module, name)
    case .binPersistentID: stack.append(try storage(try pop()))
    case .reduce, .newObject:
      let arguments = try pop()
      let function = try pop()
      guard case .tuple(let items) = arguments else {
        throw wrong("a call with \(arguments.word)", "a tuple of arguments")
      }
      try push(try call(function, items.items))
    case .newObjectWithKeywords:
      guard case .dictionary = try pop(), case .tuple(let items) = try pop() else {
        throw wrong("an object made of other than arguments and keywords", "these")
      }
      try push(try call(try pop(), items.items))
    case .build: try build(try pop())
    }
  }

  // MARK: Stack

  /// Instructions do not reach below the last mark.
  private mutating func pop() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw empty() }
    return value
  }

  private func top() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw empty() }
    return value
  }

  private func empty() -> ModelFormatError {
    wrong("a pickle instruction without enough objects to work on", "a whole pickle")
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw empty() }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  /// Pushes something that has just been made.
  private mutating func push(_ value: PickleValue) throws {
    switch value {
    case .tuple(let items), .list(let items): try spend(96 + 32 * items.items.count)
    case .dictionary: try spend(160)
    case .tensor(let view): try spend(320 + 16 * view.shape.count)
    default: break
    }
    try checkDepth(value)
    stack.append(value)
  }

  private func checkDepth(_ value: PickleValue) throws {
    guard value.depth <= Self.deepest else {
      throw wrong("containers nested \(value.depth) deep", "at most \(Self.deepest)")
    }
  }

  private mutating func pushTuple(_ count: Int) throws {
    guard stack.count - (marks.last ?? 0) >= count else { throw empty() }
    let items = Array(stack.suffix(count))
    stack.removeLast(count)
    try push(.tuple(PickleSequence(items)))
  }

  private mutating func pushText(_ count: Int) throws {
    let text = try reader.text(count)
    try spend(count)
    stack.append(.text(text))
  }

  private mutating func pushBytes(_ count: Int) throws {
    _ = try reader.take(count)
    stack.append(.opaque(of: "bytes"))
  }

  private mutating func pushLong(_ count: Int) throws {
    guard count <= 255 else { throw wrong("an integer of \(count) bytes", "at most 255") }
    let bytes = Array(try reader.take(count))
    guard count > 8 else {
      // Two's complement: the sign is the highest bit there is.
      var value: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
      for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
      stack.append(.integer(Int(truncatingIfNeeded: value)))
      return
    }
    try spend(count + 32)
    stack.append(.bigInteger(bytes))
  }

  private mutating func pushGlobal(_ module: String, _ name: String) throws {
    if PickleGlobal.isOtherType(module: module, name: name) {
      throw wrong(
        "tensors of the type '\(printable(module)).\(printable(name))'",
        "real numbers of at least 16 bits, or integers",
        "convert them before saving: {name: tensor.float() for name, tensor in model.state_dict().items()}, and"
          + " quantized models before they are quantized")
    }
    guard let global = PickleGlobal(module: module, name: name) else {
      throw wrong(
        "'\(printable(module)).\(printable(name))', which acts on the machine that loads the file",
        "only what a state dict consists of: tensors, dictionaries, numbers and texts",
        "nothing in the file was run here; do not load it elsewhere unless you know who made it")
    }
    if case .inert(let name) = global { try spend(64 + name.utf8.count) }
    stack.append(.global(global))
  }

  // MARK: Memo

  private mutating func remember(_ index: Int) throws {
    let value = try top()
    if memo.updateValue(value, forKey: index) == nil { try spend(64) }
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw wrong("a reference to object \(index) of the pickle", "an earlier one") }
    stack.append(value)
  }

  // MARK: Containers

  private mutating func append(_ items: [PickleValue]) throws {
    let target = try top()
    // Of a class derived from list, deque, …
    if case .opaque = target { return }
    guard case .list(let list) = target else { throw wrong("items appended to \(target.word)", "a list") }
    for item in items { item.seal() }
    guard !list.isSealed else { throw changesLater() }
    try spend(32 * items.count)
    list.append(items[...])
    try checkDepth(target)
  }

  private mutating func setItems(_ pairs: [PickleValue]) throws {
    let target = try top()
    // Of a class derived from dict, such as Lightning's hyperparameters.
    if case .opaque = target { return }
    guard case .dictionary(let dictionary) = target else { throw wrong("items set in \(target.word)", "a dict") }
    for item in pairs { item.seal() }
    guard !dictionary.isSealed else { throw changesLater() }
    try set(pairs[...], in: dictionary)
    try checkDepth(target)
  }

  /// Sets alternating keys and values.
  mutating func set(_ pairs: ArraySlice<PickleValue>, in dictionary: PickleDictionary) throws {
    guard pairs.count % 2 == 0 else { throw wrong("a key without a value", "both") }
    try spend(64 * pairs.count)
    for index in stride(from: pairs.startIndex, to: pairs.endIndex, by: 2) {
      dictionary.set(pairs[index], pairs[index + 1])
    }
  }

  private func changesLater() -> ModelFormatError {
    wrong("a container that changes after it was put into another", "a tree of finished ones", "do not trust this file")
  }

  /// State for an object: state dicts carry `_metadata` about versions, tensors attributes; neither is needed.
  private mutating func build(_ state: PickleValue) throws {
    switch try top() {
    case .dictionary, .list, .opaque, .tensor: break
    case let other: throw wrong("a state for \(other.word)", "one for an object")
    }
  }
}
