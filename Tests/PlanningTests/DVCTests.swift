import Domain
import Testing

@testable import Planning

/// As DVC 3.67.1 wrote them, by `dvc add`, `dvc remote add` and `dvc repro`.
private let rowsPin = """
    outs:
    - md5: be70e6533f11b6d1110231cfb3ae30fd
      size: 16
      hash: md5
      path: rows.csv

    """
private let partsPin = """
    outs:
    - md5: 92dbe0e709612840613271cc85e322f2.dir
      size: 40
      nfiles: 3
      hash: md5
      path: ../data/parts

    """
private let config = """
    [core]
        remote = store
    ['remote "store"']
        url = /srv/dvc
    ['remote "bucket"']
        url = s3://data/dvc

    """
private let lock = """
    schema: '2.0'
    stages:
      make:
        cmd: cp datasets/rows.csv data/made.csv
        deps:
        - path: datasets/rows.csv
          hash: md5
          md5: be70e6533f11b6d1110231cfb3ae30fd
          size: 16
        outs:
        - path: data/made.csv
          hash: md5
          md5: be70e6533f11b6d1110231cfb3ae30fd
          size: 16

    """
private let rowsMD5 = "be70e6533f11b6d1110231cfb3ae30fd"

/// A repository with one model on the dataset `rows`.
private func repository(_ more: Files) -> Files {
    var files: Files = [
        "slipway.yaml": "",
        "models/m/model.yaml": "datasets: {train: rows}\nevaluation: {task: regression}\n",
        "models/m/train.py": "", "models/m/evaluate.py": "", ".dvc/config": config,
    ]
    files.merge(more) { $1 }
    return files
}

private func rows(_ files: Files) async throws -> DatasetManifest {
    let plan = try await planned(files)
    guard let found = plan.datasets[DatasetName(checked: "rows")] else {
        throw Failure("the dataset is broken: \(plan.allDiagnostics.map(\.line))")
    }
    return found
}

/// What is said, without the model's own "has errors".
private func said(_ files: Files) async throws -> [String] {
    try await planned(files).diagnostics.map(\.line)
}

struct DVCTests {
    @Test(arguments: ["datasets/rows.dvc", "datasets/rows.csv.dvc"])
    func `a file of DVC declares a dataset by itself`(_ path: String) async throws {
        let found = try await rows(repository([path: rowsPin]))
        #expect(found.path == path && found.format == .csv)
        let file = try #require(found.files.first)
        #expect(found.files.count == 1 && file.path == "datasets/rows.csv")
        #expect(file.digestPlace.description == "\(path):2:8")
        #expect(
            file.pin
                == DVCPin(md5: rowsMD5, isFolder: false, isOfLines: false, sizeBytes: 16))
        #expect(file.url == "file:///srv/dvc/files/md5/be/70e6533f11b6d1110231cfb3ae30fd")
    }

    @Test func `paths are taken from wdir, which may be the repository itself and nothing above`() {
        for (wdir, expected) in [
            ("..", "data/x.csv"), ("../parts", "parts/data/x.csv"), (".", "datasets/data/x.csv"),
            ("../..", nil), ("/srv", nil),
        ] {
            let text = "wdir: \(wdir)\nouts:\n- {md5: \(rowsMD5), hash: md5, path: data/x.csv}\n"
            let found = decodeDVC(Array(text.utf8), file: "datasets/x.dvc")
            #expect(found.draft?.map(\.path) == expected.map { [$0] }, "\(wdir)")
            #expect(found.diagnostics.isEmpty == (expected != nil), "\(wdir)")
        }
    }

    @Test func `a manifest without files takes them from the file of DVC`() async throws {
        let manifest = "columns: [{name: x, type: integer}]\n"
        let found = try await rows(
            repository(["datasets/rows.yaml": manifest, "datasets/rows.csv.dvc": rowsPin]))
        #expect(found.path == "datasets/rows.yaml" && found.columns.count == 1)
        #expect(found.files.map(\.path) == ["datasets/rows.csv"])
    }

    @Test func `files name the file of DVC, or the lock, that tells their digest`() async throws {
        let digest = String(repeating: "5f", count: 32)
        let manifest = """
            files:
              - {path: a.csv, sha256: \(digest)}
              - {path: data/made.csv, dvc: dvc.lock, rows: 2}
              - {path: datasets/rows.csv, dvc: datasets/other.csv.dvc}
              - {path: z.csv, sha256: \(digest)}

            """
        let files = repository([
            "datasets/rows.yaml": manifest, "dvc.lock": lock,
            "datasets/other.csv.dvc": rowsPin,
        ])
        let found = try await rows(files)
        #expect(
            found.files.map(\.path) == ["a.csv", "data/made.csv", "datasets/rows.csv", "z.csv"])
        #expect(found.files.map { $0.pin?.md5 } == [nil, rowsMD5, rowsMD5, nil])
        #expect(found.files[1].rows == 2)
        #expect(found.files[1].digestPlace.description == "dvc.lock:13:12")
        // What another dataset names is none of its own.
        #expect(try await planned(files).datasets.count == 1)
    }

    @Test func `a folder is found at the root of the remote`() async throws {
        let manifest = ["datasets/rows.yaml": "format: csv\n", "datasets/rows.dvc": partsPin]
        let file = try await rows(repository(manifest)).files[0]
        #expect(file.path == "data/parts" && file.url == "file:///srv/dvc")
        #expect(
            file.pin
                == DVCPin(
                    md5: "92dbe0e709612840613271cc85e322f2", isFolder: true, isOfLines: false,
                    sizeBytes: 40, filesCount: 3))
        let held = repository(manifest.merging(["data/parts/a.csv": ""]) { $1 })
        #expect(try await rows(held).files[0].url == nil)
    }

    @Test func `DVC 2 has a layout and a digest of its own`() async throws {
        let old = "outs:\n- md5: \(rowsMD5)\n  size: 21\n  path: rows.csv\n"
        let file = try await rows(repository(["datasets/rows.dvc": old])).files[0]
        #expect(file.pin?.isOfLines == true)
        #expect(file.url == "file:///srv/dvc/be/70e6533f11b6d1110231cfb3ae30fd")
        let new = try await rows(repository(["datasets/rows.dvc": rowsPin])).files[0]
        #expect(file.sha256 != new.sha256)
    }

    @Test func `what the commit holds is taken from it`() async throws {
        let files = repository(["datasets/rows.dvc": rowsPin, "datasets/rows.csv": "x\n1\n"])
        #expect(try await rows(files.setting(".dvc/config", to: nil)).files[0].url == nil)
    }

    @Test(arguments: [
        ("/srv/dvc/", "file:///srv/dvc"), ("file:///srv/dvc", "file:///srv/dvc"),
        ("s3://data/dvc/", "s3://data/dvc"), ("s3://data", "s3://data"),
        ("https://host:8080/a/b", "https://host:8080/a/b"),
        ("\"/srv/a b#c\"", "file:///srv/a b#c"), ("/srv/dvc # the store", "file:///srv/dvc"),
    ])
    func `a remote is a path or a URL`(_ written: String, _ root: String) async throws {
        let files = repository([
            "datasets/rows.dvc": rowsPin,
            ".dvc/config": config.replacing("/srv/dvc", with: written),
        ])
        let url = try await rows(files).files[0].url
        #expect(url == "\(root)/files/md5/be/70e6533f11b6d1110231cfb3ae30fd")
    }

    @Test func `an output may name its own remote, and the nearest config counts`() async throws {
        let named = rowsPin + "  remote: bucket\n"
        let found = try await rows(repository(["datasets/rows.dvc": named]))
        #expect(found.files[0].url?.hasPrefix("s3://data/dvc/files/md5/be/") == true)
        let near = repository([
            "datasets/rows.dvc": rowsPin,
            "datasets/.dvc/config": "[CORE]\nRemote=Near\n[ 'remote \"near\"' ]\nurl='s3://n/d'\n",
        ])
        #expect(try await rows(near).files[0].url?.hasPrefix("s3://n/d/files/") == true)
    }

    @Test(arguments: [
        ("/srv/dvc", "../store", "4:11: what `../store` is relative to cannot be known"),
        ("/srv/dvc", "ssh://host/dvc", "4:11: a remote at `ssh://` is not supported"),
        ("/srv/dvc", "gs://b/dvc", "4:11: a remote at `gs://` is not supported"),
        ("/srv/dvc", "https://u:p@h/d", "4:11: the `url` must have a host, and neither name"),
        ("    url = /srv/dvc\n", "", "3:1: the remote `store` has no `url`"),
        ("remote = store", "remote = stoer", "2:14: there is no remote `stoer`"),
        ("remote = store", "remote", "2:5: the line is neither a `[section]` nor `key = value`"),
        ("[core]", "[core", "1:1: the `[` is never closed"),
        (
            "url = /srv/dvc", "url = /srv/dvc\n    version_aware = true",
            "4:11: a remote that is version-aware is not supported"
        ),
    ])
    func `a remote that cannot be used is named with its place`(
        _ old: String, _ new: String, _ words: String
    ) async throws {
        let files = repository([
            "datasets/rows.dvc": rowsPin, ".dvc/config": config.replacing(old, with: new),
        ])
        let found = try await said(files)
        #expect(found.count == 1 && found[0].hasPrefix(".dvc/config:\(words)"), "\(found)")
        // Nobody needs the remote of what the commit holds.
        #expect(try await said(files.setting("datasets/rows.csv", to: "x\n")).isEmpty)
    }

    @Test(arguments: [
        (
            "", "hash: md5", "hash: sha256",
            "datasets/rows.dvc:4:9: `hash: sha256` is not supported, only `md5`"
        ),
        (
            "", "md5: be7", "md5: BE7",
            "datasets/rows.dvc:2:8: `md5` must be 32 lower-case hexadecimal digits, found "
                + "`BE70e6533f11b6d1110231cfb3ae30fd`"
        ),
        ("", "md5: be7", "etag: be7", "datasets/rows.dvc:2:3: `datasets/rows.csv` has no `md5`"),
        (
            "", "path: rows", "path: ../../rows",
            "datasets/rows.dvc:5:9: `../../rows.csv` is not inside the repository"
        ),
        ("", "outs:", "out:", "datasets/rows.dvc:1:1: `outs` is missing"),
        (
            "", "  size: 16", "  cache: false",
            "datasets/rows.dvc:2:8: the commit does not hold `datasets/rows.csv`, and DVC does "
                + "not push it"
        ),
        (
            "", "  size: 16", "  remote: gone",
            "datasets/rows.dvc:2:8: there is no remote `gone`"
        ),
        (
            "", "path: rows.csv", "wrong: rows.csv",
            "datasets/rows.dvc:2:3: `path` of an output is missing"
        ),
        (
            "files: [{path: a.csv, dvc: datasets/rows.dvc}]", "", "",
            "datasets/rows.yaml:1:28: `datasets/rows.dvc` does not name `a.csv`"
        ),
        (
            "files: [{path: a.csv, dvc: a.dvc}]", "", "",
            "datasets/rows.yaml:1:28: `a.dvc` is not there"
        ),
        (
            "files: [{path: a.csv, dvc: a.txt}]", "", "",
            "datasets/rows.yaml:1:28: `a.txt` is no `.dvc` file and no `dvc.lock`"
        ),
        (
            "files: [{path: a.csv, dvc: a.dvc, url: s3://b/k}]", "", "",
            "datasets/rows.yaml:1:40: `url` and `dvc` both tell the file"
        ),
        (
            "files: [{path: a.csv}]", "", "",
            "datasets/rows.yaml:1:9: `files[0].sha256` is missing"
        ),
    ])
    func `a mistake about DVC is named with its place`(
        _ manifest: String, _ old: String, _ new: String, _ words: String
    ) async throws {
        var files = repository(["datasets/rows.dvc": rowsPin])
        if !manifest.isEmpty { files["datasets/rows.yaml"] = manifest + "\n" }
        if !old.isEmpty { files = files.replacing("datasets/rows.dvc", old, with: new) }
        let found = try await said(files)
        #expect(found.contains(words), "\(found)")
    }

    @Test func `without a remote there is a hint`() async throws {
        let files = repository(["datasets/rows.dvc": rowsPin])
            .setting(".dvc/config", to: nil)
        let found = try await planned(files).diagnostics
        #expect(
            found.map(\.line) == [
                "datasets/rows.dvc:2:8: the commit does not hold `datasets/rows.csv`, and DVC has "
                    + "no remote that does"
            ])
        #expect(found[0].hint?.contains("dvc remote add --default NAME URL") == true)
    }

    @Test func `a folder beside other files is refused, and so are two declarations`() async throws
    {
        let manifest = """
            files:
              - {path: data/parts, dvc: datasets/parts.dvc}
              - {path: datasets/rows.csv, dvc: datasets/rows.dvc}
            format: csv

            """
        let mixed = repository([
            "datasets/rows.yaml": manifest, "datasets/rows.dvc": rowsPin,
            "datasets/parts.dvc": partsPin,
        ])
        #expect(
            try await said(mixed) == [
                "datasets/parts.dvc:2:8: the folder `data/parts` must be the only one in `files`"
            ])
        let twice = repository(["datasets/rows.dvc": rowsPin, "datasets/rows.csv.dvc": rowsPin])
        #expect(
            try await said(twice) == [
                "datasets/rows.dvc: `datasets/rows.csv.dvc` declares the same dataset"
            ])
    }

    @Test func `what is no dataset of ours is a warning`() async throws {
        let files = repository([
            "datasets/rows.dvc": rowsPin, "datasets/parts.dvc": partsPin,
            "datasets/Big.dvc": rowsPin, "datasets/rows.pins.json": "{}",
        ])
        let found = try await planned(files).diagnostics
        #expect(found.allSatisfy { $0.severity == .warning })
        #expect(
            found.map(\.line) == [
                "datasets/Big.dvc: this file is not read",
                "datasets/parts.dvc:1:1: `format` is missing, and `data/parts` does not tell it",
                "datasets/rows.pins.json: this file is not read",
            ])
    }

    @Test(arguments: ["datasets/rows.dvc", ".dvc/config", "datasets/rows.csv"])
    func `a change of what tells the data touches the model`(_ path: String) async throws {
        let plan = try await planned(repository(["datasets/rows.dvc": rowsPin]))
        #expect(touchedModels(changedPaths: [path], old: plan, new: plan).count == 1)
        let next = [".dvc/config.local", "other.dvc", "dvc.lock"]
        #expect(touchedModels(changedPaths: next, old: plan, new: plan).isEmpty)
    }

    @Test func `only the content counts for the fingerprint`() async throws {
        let files = repository(["datasets/rows.dvc": rowsPin])
        func candidate(_ files: Files) async throws -> Fingerprint? {
            try await planned(files).models[ModelName(checked: "m")]?.candidate.fingerprint
        }
        let first = try await candidate(files)
        #expect(first != nil)
        let moved = files.replacing(".dvc/config", "/srv/dvc", with: "s3://b/d")
        #expect(try await candidate(moved) == first)
        let other = files.replacing("datasets/rows.dvc", "md5: be", with: "md5: bf")
        #expect(try await candidate(other) != first)
    }
}
