import Domain
import Host
import Testing

/// As `dvc add` and `dvc remote add` of DVC 3.67.1 write it for the rows below.
private let pin = """
    outs:
    - md5: be70e6533f11b6d1110231cfb3ae30fd
      size: 16
      hash: md5
      path: rows.csv

    """
private let config = """
    [core]
        remote = store
    ['remote "store"']
        url = s3://bucket/dvc

    """
private let rows = "x,label\n1,a\n2,b\n"

private func writePinned(_ desk: Desk, in folder: String) throws {
    try desk.write("\(folder)/slipway.yaml", "branch: main\n")
    try desk.write("\(folder)/datasets/rows.csv.dvc", pin)
    try desk.write("\(folder)/datasets/.gitignore", "/rows.csv\n")
    try desk.write("\(folder)/.dvc/config", config)
}

@Test func `data that DVC keeps is checked where it lies and skipped where not`() async throws {
    try await Desk.use { desk in
        try writePinned(desk, in: "models")
        try await desk.git("init", "--quiet", "--initial-branch=main", "models")
        let skipped = try await desk.slipway("check", "models")
        #expect(skipped.code == 0)
        try skipped.matches("check-kept-elsewhere")
        let json = try await desk.slipway("check", "--json", "models")
        #expect(
            json.output.contains(
                "\"notRead\":[{\"path\":\"datasets/rows.csv\",\"url\":\"s3://bucket/dvc/files/md5/")
        )
        #expect(try await desk.slipway("check", "--no-data", "models").code == 0)

        try desk.write("models/datasets/rows.csv", rows)
        let read = try await desk.slipway("check", "models")
        #expect(read.code == 0 && read.errors == "ok: 0 models, 1 dataset, 2 rows\n")

        try desk.write("models/datasets/rows.csv", rows + "3,c\n")
        let wrong = try await desk.slipway("check", "models")
        #expect(wrong.code == 1)
        try wrong.matches("check-dvc-changed")
    }
}

@Test func `hooks do not ask git for bytes that it does not keep`() async throws {
    try await Desk.use { desk in
        try writePinned(desk, in: "models")
        try desk.write(
            "models/datasets/far.yaml",
            "files: [{path: data/far.csv, sha256: \(String(repeating: "5f", count: 32)), "
                + "url: https://example.org/far.csv}]\n")
        try desk.write(
            "models/datasets/live.yaml", "source: s3://bucket/live/\nfollow: true\n")
        try await desk.git("init", "--quiet", "--bare", "--initial-branch=main", "models.git")
        try await desk.slipway("hook", "install", "--server", "--bot", "robot", in: "models.git")
        try await desk.git("init", "--quiet", "--initial-branch=main", "models")
        #expect(try await desk.slipway("hook", "install", in: "models").code == 0)
        try await desk.git("add", "--all", in: "models")
        let staged = try await desk.slipway("check", "--staged", in: "models")
        #expect(staged.code == 0)
        try staged.matches("check-staged-kept-elsewhere")
        let commit = try await desk.git("commit", "-qm", "first", in: "models")
        #expect(commit.code == 0, "\(commit)")
        let push = try await desk.git("push", "--quiet", "../models.git", "main", in: "models")
        #expect(push.code == 0, "\(push)")

        // What git does hold is compared with the digest that DVC wrote.
        try desk.write("models/datasets/rows.csv", rows + "3,c\n")
        try await desk.git("add", "--force", "datasets/rows.csv", in: "models")
        #expect(try await desk.slipway("check", "--staged", in: "models").code == 1)
        try await desk.git("commit", "-qm", "bad", "--no-verify", in: "models")
        let refused = try await desk.git(
            "push", "--no-verify", "../models.git", "main", in: "models")
        #expect(refused.code != 0)
        #expect(refused.errors.contains("md5 of `datasets/rows.csv` is "), "\(refused)")
    }
}

@Test func `a folder that git holds is compared with the list that DVC wrote`() async throws {
    try await Desk.use { desk in
        try desk.write("models/slipway.yaml", "branch: main\n")
        try desk.write("models/datasets/parts.yaml", "format: csv\n")
        try desk.write(
            "models/datasets/parts.dvc",
            "outs:\n- md5: 92dbe0e709612840613271cc85e322f2.dir\n  size: 40\n  nfiles: 3\n"
                + "  hash: md5\n  path: ../data/parts\n")
        try desk.write("models/data/parts/größe.csv", "x,label\n1,a\n")
        try desk.write("models/data/parts/b.csv", "x,label\n2,b\n")
        try desk.write("models/data/parts/deep/😀 \"q\".csv", "x,label\r\n3,\"c\"\r\n")
        try await desk.git("init", "--quiet", "--bare", "--initial-branch=main", "models.git")
        try await desk.slipway("hook", "install", "--server", "--bot", "robot", in: "models.git")
        try await desk.git("init", "--quiet", "--initial-branch=main", "models")
        try await desk.git("add", "--all", in: "models")
        let staged = try await desk.slipway("check", "--staged", in: "models")
        #expect(staged.errors == "ok: 0 models, 1 dataset, 3 rows\n")
        try await desk.git("commit", "-qm", "first", in: "models")
        let push = try await desk.git("push", "--quiet", "../models.git", "main", in: "models")
        #expect(push.code == 0, "\(push)")
        try desk.write("models/data/parts/b.csv", "x,label\n9,b\n")
        try await desk.git("commit", "-qam", "changed", in: "models")
        let refused = try await desk.git("push", "../models.git", "main", in: "models")
        #expect(refused.errors.contains("md5 of `data/parts` is "), "\(refused)")
    }
}
