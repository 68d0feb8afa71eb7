// swift-tools-version:6.2
import Foundation
import PackageDescription

// Reads as the table of rooms in Docs/architecture.md: a room may import only what is named here.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-cross-module-optimization", "-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func room(_ name: String, _ uses: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: uses, swiftSettings: strict)
}

/// With Swift's own libraries inside, a program starts in two thirds of the time and runs where no Swift is installed.
func program(_ name: String, _ uses: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: uses, swiftSettings: strict,
    linkerSettings: [
      .unsafeFlags(
        [
          "-static-stdlib", "-Xlinker", "--start-group", "-Xlinker", "-lFoundation", "-Xlinker",
          "-lFoundationEssentials", "-Xlinker", "-lFoundationInternationalization", "-Xlinker", "-l_FoundationICU",
          "-Xlinker", "-lCoreFoundation", "-Xlinker", "-l_FoundationCShims", "-Xlinker", "-l_FoundationCollections",
          "-Xlinker", "--end-group",
        ], .when(platforms: [.linux]))
    ])
}

func suite(_ name: String, _ uses: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: uses, swiftSettings: strict)
}

/// The parsers are optimised by a profile where Grammars/profile.sh made one.
let profile = "\(Context.packageDirectory)/Grammars/grammars.profdata"
let profiled = FileManager.default.fileExists(atPath: profile) ? ["-fprofile-use=\(profile)"] : []

func grammar(_ name: String, scanner: Bool) -> Target {
  .target(
    name: name, path: "Grammars/\(name)",
    sources: scanner ? ["src/parser.c", "src/scanner.c"] : ["src/parser.c"],
    cSettings: [.headerSearchPath("src"), .unsafeFlags(["-w", "-O2", "-fomit-frame-pointer"] + profiled)])
}

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
  name: "kapin",
  products: [.executable(name: "kapin", targets: ["kapin"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Floor 0
    .target(
      name: "CTreeSitter", sources: ["core.c"],
      cSettings: [
        .define("_GNU_SOURCE"), .define("NDEBUG"),
        .unsafeFlags(
          profiled + [
            "-w", "-O3", "-fomit-frame-pointer", "-I\(Context.packageDirectory)/Grammars/TreeSitterCore/include",
            "-I\(Context.packageDirectory)/Grammars/TreeSitterCore/src",
          ]),
      ]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CPgQuery", providers: [.apt(["libpg-query-dev"])]),
    .systemLibrary(
      name: "CMarkdown", pkgConfig: "libcmark-gfm",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    grammar("TreeSitterJavaScript", scanner: true),
    grammar("TreeSitterTypeScript", scanner: true),
    grammar("TreeSitterTSX", scanner: true),
    grammar("TreeSitterJSON", scanner: false),
    // Floor 1
    room("KapinBase", ["CXXHash"]),
    // Floor 2
    room(
      "KapinSyntax",
      [
        "KapinBase", "CTreeSitter", "TreeSitterJavaScript", "TreeSitterTypeScript", "TreeSitterTSX",
        "TreeSitterJSON",
      ]),
    room("KapinModel", ["KapinBase"]),
    // Floor 3
    room("KapinExtract", ["KapinBase", "KapinSyntax", "KapinModel", "CMarkdown", "CPgQuery", yams]),
    room("KapinLink", ["KapinBase", "KapinModel"]),
    room("KapinRules", ["KapinBase", "KapinModel", yams]),
    room("KapinQuery", ["KapinBase", "KapinModel"]),
    // Floor 4
    room("KapinEngine", ["KapinBase", "KapinModel", "KapinExtract", "KapinLink", "KapinRules"]),
    // Floor 5
    room("KapinFiles", ["KapinBase", "KapinModel", "KapinRules", "KapinEngine"]),
    room("KapinProduct", ["KapinBase", "KapinModel", "KapinQuery", "KapinRules"]),
    room("KapinPatch", ["KapinBase", "KapinModel", "KapinEngine"]),
    room("KapinDatabase", ["KapinBase", "CPostgres"]),
    room("KapinReport", ["KapinBase", "KapinModel", "KapinQuery"]),
    // Floor 6
    room(
      "KapinProof", ["KapinBase", "KapinModel", "KapinProduct", "KapinPatch", "KapinDatabase", "KapinEngine"]),
    // Floor 7
    room(
      "KapinRun",
      [
        "KapinBase", "KapinModel", "KapinRules", "KapinEngine", "KapinProduct", "KapinPatch", "KapinDatabase",
        "KapinReport", "KapinProof",
      ]),
    // Floor 10
    program(
      "kapin",
      [
        "KapinBase", "KapinModel", "KapinRules", "KapinQuery", "KapinEngine", "KapinFiles", "KapinProduct",
        "KapinReport", "KapinRun", "KapinTesting", arguments,
      ]),
    program(
      "kapin-dev",
      [
        "KapinBase", "KapinSyntax", "KapinModel", "KapinExtract", "KapinRules", "KapinEngine", "KapinFiles",
        "KapinReport", "KapinRun", "KapinTesting", arguments,
      ]),
    // Beside the floors
    room(
      "KapinTesting",
      [
        "KapinBase", "KapinModel", "KapinRules", "KapinEngine", "KapinProduct", "KapinReport", "KapinRun",
        "KapinDatabase",
      ]),
    suite("KapinCoreTests", ["KapinBase", "KapinSyntax", "KapinModel", "KapinExtract", "KapinLink", "KapinTesting"]),
    suite(
      "KapinEngineTests",
      [
        "KapinBase", "KapinModel", "KapinRules", "KapinQuery", "KapinEngine", "KapinFiles", "KapinReport", "KapinRun",
        "KapinTesting",
      ]),
    suite(
      "KapinProductTests",
      [
        "KapinBase", "KapinModel", "KapinRules", "KapinEngine", "KapinFiles", "KapinProduct", "KapinPatch",
        "KapinDatabase", "KapinReport", "KapinProof", "KapinRun", "KapinTesting",
      ]),
    suite("KapinTidyTests", ["KapinBase"]),
  ],
  cLanguageStandard: .c11
)
