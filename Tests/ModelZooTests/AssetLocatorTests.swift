import FileSystem
import Foundation
import ModelZoo
import Testing

struct AssetLocatorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func make(_ name: String) throws -> String {
    let path = folder.path + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func environmentComesFirst() throws {
    _ = try make("mine/models")
    let locator = try AssetLocator(environment: folder.path + "/mine", executable: nil, workingDirectory: root)
    #expect(locator.folder == folder.path + "/mine")
    // A wrong variable is an error, not a hint.
    #expect(throws: ModelZooError.noAssets(searched: ["/nowhere (LRP_ASSETS)"])) {
      try AssetLocator(environment: "/nowhere", executable: nil, workingDirectory: root)
    }
  }

  @Test func installedBesideTheExecutable() throws {
    _ = try make("prefix/share/lrp/models")
    let locator = try AssetLocator(
      environment: "", executable: folder.path + "/prefix/bin/lrp", workingDirectory: "/")
    #expect(locator.folder == folder.path + "/prefix/share/lrp")
  }

  @Test func checkoutAboveExecutableOrWorkingDirectory() throws {
    _ = try make("checkout/assets/models")
    let built = try make("checkout/.build/release")
    try AtomicFile.write("", to: folder.path + "/checkout/Package.swift")
    let expected = folder.path + "/checkout/assets"
    #expect(try AssetLocator(environment: nil, executable: built + "/lrp", workingDirectory: "/").folder == expected)
    #expect(try AssetLocator(environment: nil, executable: "/bin/lrp", workingDirectory: built).folder == expected)
    #expect(try AssetLocator(environment: nil, executable: nil, workingDirectory: root).folder == root + "/assets")
  }

  @Test func saysWhereItLooked() {
    let error = #expect(throws: ModelZooError.self) {
      try AssetLocator(environment: nil, executable: "/opt/x/bin/lrp", workingDirectory: "/")
    }
    #expect(error?.description.contains("/opt/x/share/lrp") == true)
    #expect(error?.description.contains("LRP_ASSETS") == true)
  }

  @Test func listsPictures() throws {
    let locator = try AssetLocator(environment: nil, executable: nil, workingDirectory: root)
    let names = locator.pictures.map { ($0 as NSString).lastPathComponent }
    #expect(Set(["chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png"]).isSubset(of: names))
    #expect(names.count == 14)
    #expect(throws: ModelZooError.missingAsset(path: locator.folder + "/models/none")) {
      try locator.path("models/none")
    }
  }
}
