import Foundation
import ModelFormats
import ONNXProto

// Small files that ask for much: made by hand, because no accident makes them.

extension HostileFormat {
  static func onnxBombs() -> HostileFormat {
    HostileFormat(
      name: "onnx-bombs", fileName: "it.onnx", allowance: usualAllowance,
      damaged: { random in
        let make = random.pick(bombs)
        return Array(try make(&random).serializedData())
      },
      read: { path in
        _ = try ONNXFile(path: path).network()
        return true
      })
  }

  private typealias Bomb = @Sendable (inout Random) -> Onnx_ModelProto

  private static let bombs: [Bomb] = [
    // Lists of a million, made again and again.
    { random in
      let operation = random.pick(["Cast", "Concat", "Neg", "Sqrt", "Add"])
      return model(
        [1, 3, 8, 8], [node("ConstantOfShape", ["million"], "c0")] + chain(operation, from: "c0", 3000),
        ["million": [1 << 20]])
    },
    // An array of the file's own, copied by each node.
    { random in
      let operation = random.pick(["Sqrt", "Neg", "Mul", "Floor"])
      var model = model([1, 3, 8, 8], chain(operation, from: "weights", 1 + random.below(2000)))
      model.graph.initializer.append(floats("weights", [512, 512]))
      return model
    },
    // One matrix, transposed by each of those who use it.
    { random in
      let operation = random.pick(["Gemm", "MatMul"])
      var model = model(
        [1, 512],
        (0..<1 + random.below(1000)).map { node(operation, [$0 == 0 ? "x" : "y\($0 - 1)", "weights"], "y\($0)") })
      model.graph.initializer.append(floats("weights", [512, 512]))
      model.graph.output[0].name = model.graph.node.last?.output.first ?? ""
      return model
    },
    // Bytes that become four times as many.
    { random in
      var model = model([1, 64, 8, 8], [node("Conv", ["x", "weights"], "y")])
      let count = 1024 * (64 + random.below(64))
      model.graph.initializer.append(
        .with {
          $0.name = "weights"
          $0.dataType = random.pick([2, 3, 9])
          $0.dims = [Int64(count), 64, 3, 3]
          $0.rawData = Data(count: count * 64 * 9)
        })
      return model
    },
    // Pictures and windows without end.
    { random in
      let extents = random.pick([[1, 1, 1 << 27], [1, 1 << 28], [1, 1, 1 << 14, 1 << 14], [1, 1 << 26, 1, 1]])
      let operation = random.pick([
        "Mul", "Add", "PRelu", "MaxPool", "AveragePool", "LpPool", "Pad", "GlobalAveragePool", "Sub", "Selu", "Softmax",
      ])
      var model = model(
        extents,
        [
          node(
            operation,
            operation == "Pad"
              ? ["x", "pads"]
              : ["Mul", "Add", "PRelu"].contains(operation) ? ["x", "one"] : operation == "Sub" ? ["x", "x"] : ["x"],
            "y")
        ])
      model.graph.initializer.append(floats("one", []))
      model.graph.initializer.append(integers("pads", [Int](repeating: 0, count: 2 * extents.count)))
      model.graph.node[0].attribute = [
        .with {
          $0.name = "kernel_shape"
          $0.ints = [Int64](repeating: 1, count: extents.count - 2)
        },
        .with {
          $0.name = "gamma"
          $0.f = 3
        },
      ]
      return model
    },
    // Everybody computes and reads the same value.
    { random in model([1, 3], (0..<1 + random.below(30_000)).map { _ in node("Relu", ["x"], "y") }) },
    { random in
      let count = 1 + random.below(20_000)
      return model(
        [1, 3, 4, 4],
        (0..<count).map { node(random.pick(["Mul", "Sigmoid", "ReduceMean", "Relu"]), ["x", "x"], "y\($0)") })
    },
    // A list of a million that every node looks at.
    { random in
      let operation = random.pick(["Slice", "Reshape", "Unsqueeze", "Squeeze", "Pad", "Gather", "Split"])
      let count = 1 + random.below(20_000)
      var model = model([1, 3, 4, 4], (0..<count).map { node(operation, ["x", "list", "list"], "y\($0)") })
      model.graph.initializer.append(integers("list", [Int](repeating: 0, count: random.pick([4096, 1 << 18]))))
      return model
    },
    // Parameters that are all the same, as in the package onnx, and more of them.
    { random in
      let features = 1 << random.below(40)
      return model(
        [1, 512, 7, 7], [node("ConstantOfShape", ["shape"], "w"), node("Conv", ["x", "w"], "y")],
        ["shape": [features, 512, 3, 3]])
    },
    { random in
      let features = 1 << random.below(18)
      return model(
        [1, 25_088],
        [node("ConstantOfShape", ["shape"], "w"), node(random.pick(["Gemm", "MatMul"]), ["x", "w"], "y")],
        ["shape": [25_088, features]])
    },
    // Axes upon axes.
    { random in
      model(
        [1, 3],
        (0..<1 + random.below(3000)).map { node("Unsqueeze", [$0 == 0 ? "x" : "y\($0 - 1)", "axes"], "y\($0)") },
        ["axes": (0..<8).map { 1 + $0 }])
    },
    // Names of many dots, thousands of times.
    { random in
      let name = "/" + String(repeating: "a/", count: random.below(3000))
      return model(
        [1, 3],
        (0..<1 + random.below(300)).map { index in
          var node = node("Relu", [index == 0 ? "x" : "y\(index - 1)"], "y\(index)")
          node.name = name + String(repeating: "b.", count: random.below(2000))
          return node
        })
    },
    // Many small layers.
    { random in
      let operation = random.pick(["Mul", "Relu", "Sub", "Clip", "Identity"])
      var model = model(
        [1, 3], chain(operation, from: "x", 1 + random.below(30_000), with: operation == "Mul" ? ["one"] : []))
      model.graph.initializer.append(floats("one", []))
      return model
    },
  ]

  private static func model(_ input: [Int], _ nodes: [Onnx_NodeProto], _ lists: [String: [Int]] = [:])
    -> Onnx_ModelProto
  {
    .with {
      $0.opsetImport = [.with { $0.version = 13 }]
      $0.graph.node = nodes
      $0.graph.input = [
        .with {
          $0.name = "x"
          $0.type.tensorType.shape.dim = input.map { extent in .with { $0.dimValue = Int64(extent) } }
        }
      ]
      $0.graph.output = [.with { $0.name = nodes.last?.output.first ?? "" }]
      $0.graph.initializer = lists.sorted { $0.key < $1.key }.map { integers($0.key, $0.value) }
    }
  }

  private static func node(_ operation: String, _ inputs: [String], _ output: String) -> Onnx_NodeProto {
    .with {
      $0.opType = operation
      $0.input = inputs
      $0.output = [output]
      if operation == "Cast" {
        $0.attribute = [
          .with {
            $0.name = "to"
            $0.i = 7
          }
        ]
      }
      if operation == "Concat" {
        $0.attribute = [
          .with {
            $0.name = "axis"
            $0.i = 0
          }
        ]
      }
      if operation == "ReduceMean" {
        $0.attribute = [
          .with {
            $0.name = "axes"
            $0.ints = [2, 3]
          }
        ]
      }
    }
  }

  private static func chain(_ operation: String, from first: String, _ count: Int, with extra: [String] = [])
    -> [Onnx_NodeProto]
  {
    (0..<count).map { index in
      let input = index == 0 ? first : "\(operation)\(index - 1)"
      let inputs = ["Add", "Mul", "Sub"].contains(operation) && extra.isEmpty ? [input, input] : [input] + extra
      return node(operation, inputs, "\(operation)\(index)")
    }
  }

  private static func floats(_ name: String, _ shape: [Int]) -> Onnx_TensorProto {
    .with {
      $0.name = name
      $0.dataType = 1
      $0.dims = shape.map { Int64($0) }
      $0.rawData = Data(count: 4 * shape.reduce(1, *))
    }
  }

  private static func integers(_ name: String, _ values: [Int]) -> Onnx_TensorProto {
    .with {
      $0.name = name
      $0.dataType = 7
      $0.dims = [Int64(values.count)]
      $0.int64Data = values.map { Int64($0) }
    }
  }

  /// Headers and texts of many small parts.
  static func parameterBombs() -> HostileFormat {
    HostileFormat(
      name: "safetensors-bombs", fileName: "it.safetensors", allowance: usualAllowance,
      damaged: { random in
        let count = 1 + random.below(200_000)
        let field = random.pick([
          "\"e%d\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}",
          "\"e%d\":{\"data_offsets\":[0,0],\"shape\":[],\"dtype\":\"F32\"}",
          "\"e%d\":{\"dtype\":\"F32\",\"shape\":[0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,0]}",
        ])
        var fields = (0..<count).map { field.replacing("%d", with: "\($0)") }
        if random.once(in: 3) {
          fields = ["\"__metadata__\":{" + (0..<count).map { "\"\($0)\":\"\"" }.joined(separator: ",") + "}"]
        }
        let header = Array(("{" + fields.joined(separator: ",") + "}").utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
      },
      read: { try readParameters($0) })
  }
}
