import Domain
import Host
import Testing

private let brokenModel = """
    descripton: a typo in a key
    datasets: {train: nowhere}
    steps:
      train: {run: python train.py, timeout: soon}
    evaluation: {task: classification, predictions: predictions.csv}
    promotion:
      acuracy: {at_least: 0.9}
    """

private let manifest = """
    description: three rows
    files:
      - {path: data/rows.csv, sha256: \(String(repeating: "0", count: 64)), rows: 3}
    format: csv
    columns:
      - {name: x, type: integer, min: 0}
      - {name: label, type: string, required: true}
    """

private func writeBroken(_ desk: Desk, in folder: String) throws {
    try desk.write("\(folder)/slipway.yaml", "brnch: main\n")
    try desk.write("\(folder)/models/digits/model.yaml", brokenModel)
    try desk.write("\(folder)/datasets/rows.yaml", manifest)
    try desk.write("\(folder)/data/rows.csv", "x,label\n1,a\nmany,b\n-2,\n")
}

@Test func `what somebody else has named does nothing to a terminal`() async throws {
    try await Desk.use { desk in
        try desk.write("models/slipway.yaml", "branch: main\n")
        try desk.write("models/models/a\u{9B}2J\u{1B}[2J\u{202E}b/model.yaml", "description: x\n")
        let said = try await desk.slipway("check", in: "models")
        let both = (said.output + said.errors).unicodeScalars
        #expect(said.code != 0 && said.output.contains("2J"))
        #expect(!both.contains { [0x1B, 0x9B, 0x202E].contains($0.value) })
    }
}

@Test(arguments: ["digits", "regression"]) func `a template is right from the start`(
    _ template: String
) async throws {
    try await Desk.use { desk in
        try await desk.slipway("new", template, "models").matches("new-\(template)")
        try await desk.slipway("check", in: "models").matches("check-\(template)")
        let json = try await desk.slipway("check", "--json", "models")
        #expect(json.code == 0)
        #expect(json.output.contains("\"diagnostics\":[]"))
        #expect(exists(desk.path("models/.gitignore")))
    }
}

@Test func `a time zone that there is not is found where it stands`() async throws {
    try await Desk.use { desk in
        _ = try await desk.slipway("new", "digits", "models")
        let model = "models/models/digits/model.yaml"
        let text = String(
            decoding: try readFile(desk.path(model), limitBytes: 1 << 20), as: UTF8.self)
        let schedule = "schedule: \"0 3 * * 1\"\nschedule_zone: "
        try desk.write(model, text + schedule + "Mars/X\n")
        let said = try await desk.slipway("check", in: "models")
        #expect(said.code == 1)
        #expect(said.output.contains("there is no time zone `Mars/X`"), "\(said.output)")
        try desk.write(model, text + schedule + "Europe/Berlin\n")
        #expect(try await desk.slipway("check", in: "models").code == 0)
    }
}

@Test func `every finding has its place and a hint`() async throws {
    try await Desk.use { desk in
        try writeBroken(desk, in: "broken")
        let check = try await desk.slipway("check", "broken")
        #expect(check.code == 1)
        try check.matches("check-broken")
        try await desk.slipway("check", "broken", "--no-data").matches("check-broken-no-data")
    }
}

@Test func `a data file that is not there is noticed without reading any`() async throws {
    try await Desk.use { desk in
        try desk.write("models/slipway.yaml", "branch: main\n")
        try desk.write("models/datasets/rows.yaml", manifest)
        let check = try await desk.slipway("check", "models", "--no-data")
        #expect(check.code == 1)
        try check.matches("check-no-data-missing")
        try desk.write("models/data/rows.csv", "x,label\n")
        #expect(try await desk.slipway("check", "models", "--no-data").code == 0)
    }
}

@Test func `what cannot be checked is said`() async throws {
    try await Desk.use { desk in
        try makeFolder(desk.path("empty"))
        try await desk.slipway("check", "empty").matches("check-empty")
        try await desk.slipway("check", "nowhere").matches("check-nowhere")
        try await desk.slipway("check", "--staged").matches("check-staged-outside")
    }
}

@Test func `a file that git ignores is no declaration`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("new", "digits", "models")
        try desk.write("models/models/draft/model.yaml", brokenModel)
        #expect(try await desk.slipway("check", "models").code == 1)
        try desk.write("models/.git/info/exclude", "models/draft/\n")
        #expect(try await desk.slipway("check", "models").code == 0)
    }
}

@Test func `the hook before a commit judges what is staged`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("new", "digits", "models")
        #expect(try await desk.slipway("hook", "install", in: "models").code == 0)
        try await desk.git("add", "--all", in: "models")
        let first = try await desk.git("commit", "--quiet", "--message", "first", in: "models")
        #expect(first.code == 0)

        let rows = try desk.text("models/data/digits-train.csv")
        try desk.write("models/data/digits-train.csv", rows + "1,2\n")
        #expect(try await desk.git("commit", "-qm", "nothing staged", in: "models").code == 1)
        try await desk.git("add", "--all", in: "models")
        let refused = try await desk.git("commit", "--quiet", "--message", "bad", in: "models")
        #expect(refused.code == 1)
        #expect(refused.errors.contains("data/digits-train.csv:1439:"))

        // What lies in the work tree beside the staged file is not what is committed.
        try await desk.git("reset", "--quiet", "--hard", in: "models")
        try desk.write("models/notes.txt", "a note\n")
        try await desk.git("add", "notes.txt", in: "models")
        try desk.write("models/slipway.yaml", "brnch: main\n")
        let accepted = try await desk.git("commit", "--quiet", "--message", "note", in: "models")
        #expect(accepted.code == 0)
    }
}

@Test func `a linked file of data is refused, staged or not, and named with what to do`()
    async throws
{
    try await Desk.use { desk in
        try await desk.git("init", "-q", "m")
        try desk.write("m/slipway.yaml", "")
        try desk.write("m/data/x.csv", "a\n1\n")
        let made = try await desk.slipway("dataset", "init", "data/x.csv", in: "m")
        #expect(made.code == 0, "\(made.errors)")
        #expect(try await desk.slipway("check", in: "m").code == 0)
        try desk.write("m/data/real.csv", "a\n1\n")
        try removeTree(desk.path("m/data/x.csv"))
        try makeLink(at: desk.path("m/data/x.csv"), to: "real.csv")
        try await desk.git("add", ".", in: "m")
        let found = try await desk.slipway("check", in: "m")
        let staged = try await desk.slipway("check", "--staged", in: "m")
        #expect(found.code == 1 && found.output == staged.output && staged.code == 1)
        #expect(found.output.contains("`data/x.csv` is a symbolic link"), "\(found.output)")
        #expect(found.output.contains("name the file itself that it leads to"))

        try removeTree(desk.path("m/data/x.csv"))
        try desk.write("m/data/x.csv", "a\n1\n")
        try desk.write("else/e.yaml", "")
        try makeLink(at: desk.path("m/environments"), to: "../else")
        let folder = try await desk.slipway("check", in: "m")
        #expect(folder.code == 1, "\(folder.output)")
        #expect(folder.output.contains("`environments` is a symbolic link"), "\(folder.output)")
    }
}
