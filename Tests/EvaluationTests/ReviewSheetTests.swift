import Domain
import Testing

@testable import Evaluation

private let commit = CommitID(checked: String(repeating: "c", count: 40))
private let candidate = Fingerprint(checked: String(repeating: "f", count: 64))
private let evidence = EvidenceID(checked: "5f0a5f0a5f0a5f0a")

private func report(
    _ accuracy: Double, cells: [[Int]], slices: [(String, Double)] = []
) -> Report {
    func metric(_ value: Double) -> Metric {
        Metric(name: "accuracy", value: value, low: value - 0.02, high: value + 0.02)
    }
    return Report(
        task: .classification, rows: 100,
        metrics: [metric(accuracy), Metric(name: "f1_macro", value: 0.5)],
        confusion: ConfusionMatrix(labels: ["0", "1"], counts: cells),
        slices: slices.map { value, accuracy in
            SliceReport(column: "site", value: value, rows: 50, metrics: [metric(accuracy)])
        })
}

private let before = report(
    0.9, cells: [[45, 5], [5, 45]], slices: [("north", 0.9), ("south", 0.9), ("east", 0.9)])
private let after = report(
    0.95, cells: [[50, 0], [5, 45]], slices: [("north", 0.99), ("south", 0.8), ("east", 0.91)])

private func sheet(_ edit: (inout ReviewSheet) -> Void = { _ in }) -> ReviewSheet {
    var sheet = ReviewSheet(
        run: "digits/17", commit: commit, candidate: candidate, report: after,
        verdict: Verdict(
            outcome: .passed,
            rules: [
                RuleVerdict(
                    rule: "accuracy.at_least", outcome: .passed, value: 0.95, limit: 0.9,
                    margin: 0.05, place: Place(file: "models/digits/model.yaml", line: 14))
            ]))
    sheet.environment = "production"
    sheet.live = .init(version: SemanticVersion(1, 0, 0), report: before)
    sheet.changes = [
        .init(text: "parameters.gamma: 0.001 → 0.01", isLowered: false),
        .init(text: "promotion.accuracy.at_least: 0.95 → 0.9 (lowered)", isLowered: true),
    ]
    sheet.evidence = evidence
    sheet.approvalsHave = 1
    sheet.approvalsNeeded = 2
    sheet.lacking = ["0 of 1 from ml"]
    sheet.words = [
        .init(who: "ada@example.org", isApproval: true, comment: "as it should be", refusal: nil),
        .init(
            who: "approve/digits/x", isApproval: true, comment: "", refusal: "it is not signed"),
    ]
    sheet.costs = [
        .init(step: "train", how: "done", seconds: 130, peakMemoryBytes: 300 << 20),
        .init(step: "evaluate", how: "cached"),
    ]
    sheet.commands = ["slipway approve digits"]
    edit(&sheet)
    return sheet
}

struct ReviewSheetTests {
    @Test func `a lowered threshold stands first, and is marked`() {
        let text = text(of: sheet())
        #expect(
            text.contains(
                """
                Changed since v1.0.0
                ! promotion.accuracy.at_least: 0.95 → 0.9 (lowered)
                  parameters.gamma: 0.001 → 0.01
                """))
    }

    @Test func `why somebody pushed stands before what changed`() {
        let pushed = sheet { $0.pushes = ["by ada: retrained *on* May's data"] }
        #expect(
            text(of: pushed).contains(
                "\n\nPushed\n  by ada: retrained *on* May's data\n\nChanged since v1.0.0\n"))
        #expect(
            markdown(of: pushed).contains(
                "### Pushed\n\n- by ada: retrained \\*on\\* May's data\n"))
        #expect(!text(of: sheet()).contains("Pushed"))
    }

    @Test func `data that moved stands before the gate, and what is over a limit is marked`()
        throws
    {
        let dataset = try #require(DatasetName("digits-train"))
        let moved = sheet {
            $0.drift = [
                DataDrift(
                    dataset: dataset, rowsBefore: 100, rowsNow: 90,
                    summary: "1 of 2 columns have drifted", findings: ["p00: psi is 0.3"])
            ]
        }
        #expect(
            text(of: moved).contains(
                """
                Data drift
                  digits-train: 1 of 2 columns have drifted; 100 → 90 rows
                ! digits-train, p00: psi is 0.3

                Gate
                """), "\(text(of: moved))")
        #expect(!text(of: sheet()).contains("Data drift"))
    }

    @Test func `what data was prepared from stands on the sheet, with each step`() throws {
        let made = try #require(DatasetName("digits-train"))
        let raw = try #require(DatasetName("digits-raw"))
        let digest = Digest(checked: String(repeating: "ab", count: 32))
        func lineage(_ source: DatasetName, part: String? = nil) -> DataLineage {
            DataLineage(
                dataset: made, source: source, sourceFiles: [], steps: ["drop_missing: 9 → 8 rows"],
                rows: 8, sha256: digest, part: part)
        }
        let prepared = sheet {
            $0.lineage = [lineage(raw), lineage(made, part: "fold-1.test")]
        }
        #expect(
            text(of: prepared).contains(
                """
                Prepared data
                  digits-train: prepared from digits-raw, 8 rows, sha256 \(digest.hex)
                  digits-train, drop_missing: 9 → 8 rows
                  digits-train (fold-1.test): prepared from its files, 8 rows, sha256 \(digest.hex)
                  digits-train (fold-1.test), drop_missing: 9 → 8 rows
                """), "\(text(of: prepared))")
        #expect(html(of: prepared).contains("Prepared data"))
        #expect(!text(of: sheet()).contains("Prepared data"))
    }

    @Test func `what the data's checks warn of has a section of its own`() throws {
        let dataset = try #require(DatasetName("digits-train"))
        let warned = sheet {
            $0.data = [DataNotice(dataset: dataset, count: 3, lines: ["constant of `a`: one <b>"])]
        }
        #expect(
            text(of: warned).contains(
                """
                Warnings of the data's checks
                ! digits-train, constant of `a`: one <b>
                ! digits-train, and 2 more

                """), "\(text(of: warned))")
        #expect(markdown(of: warned).contains("### Warnings of the data's checks"))
        #expect(!text(of: sheet()).contains("Warnings"))
    }

    @Test func `metrics stand beside those of the live version`() {
        let changes = metricChanges(from: before, to: after)
        #expect(changes.map(\.name) == ["accuracy"])
        #expect(changes[0].isClear)
        #expect(abs((changes[0].gain ?? 0) - 0.05) < 1e-9)
        #expect(text(of: sheet()).contains("0.9000  0.9500  +0.0500  0.9300 … 0.9700"))
    }

    @Test func `an error that grew is worse`() throws {
        let old = Report(
            task: .regression, rows: 1,
            metrics: [Metric(name: "rmse", value: 1, low: 0.9, high: 1.1)])
        let new = Report(task: .regression, rows: 1, metrics: [Metric(name: "rmse", value: 2)])
        let change = try #require(metricChanges(from: old, to: new).first)
        #expect(change.gain == -1)
        #expect(change.isClear)
    }

    @Test func `the slice that became worst stands first`() {
        let names = sliceChanges(from: before, to: after).map(\.change.name)
        #expect(names == ["site=south", "site=east", "site=north"])
    }

    @Test func `only cells of the confusion matrix that differ are shown, the largest first`() {
        let cells = cellChanges(from: before.confusion, to: after.confusion)
        #expect(
            cells == [
                CellChange(truth: "0", prediction: "0", before: 45, after: 50),
                CellChange(truth: "0", prediction: "1", before: 5, after: 0),
            ])
    }

    @Test func `a label that came or went is a difference too`() {
        let old = ConfusionMatrix(labels: ["a"], counts: [[3]])
        let new = ConfusionMatrix(labels: ["b"], counts: [[3]])
        #expect(cellChanges(from: old, to: new).map(\.difference) == [-3, 3])
    }

    @Test func `who approved and who still must stand together`() {
        let text = text(of: sheet())
        #expect(
            text.contains(
                """
                Review
                  1 of 2 approvals of 5f0a5f0a5f0a5f0a
                  still needed: 0 of 1 from ml
                + ada@example.org approved: as it should be
                ! approve/digits/x does not count: it is not signed
                """))
        #expect(text.contains("Cost: 2 min 10 s of steps"))
    }

    @Test func `without a live version there is nothing to compare with`() {
        let text = text(of: sheet { $0.live = nil })
        #expect(text.contains("nothing is live yet"))
        #expect(!text.contains("change  "))
        #expect(!text.contains("Confusion matrix"))
    }

    @Test func `what is not known is said`() {
        let text = text(
            of: sheet {
                $0.changes = nil
                $0.changesNote = "run it in a clone to see what changed"
            })
        #expect(text.contains("Changed since v1.0.0\n  run it in a clone"))
    }

    @Test func `what others wrote does nothing to a terminal, a page or a pull request`() {
        let evil = sheet {
            $0.words[0].comment = "<script>alert(1)</script> | `x` @team \u{1B}[2K\u{202E}\nend"
        }
        let plain = text(of: evil)
        #expect(!plain.contains("\u{1B}") && !plain.contains("\u{202E}"))
        #expect(plain.contains("@team  [2K end\n"))
        let page = html(of: evil)
        #expect(!page.contains("<script>"))
        #expect(page.contains("&lt;script&gt;"))
        let request = markdown(of: evil)
        #expect(request.contains("&lt;script&gt;"))
        #expect(request.contains("&#124; \\`x\\` @\u{200B}team"))
    }

    @Test func `the page needs nothing from elsewhere`() {
        let page = html(of: sheet())
        for word in ["http://", "https://", "src=", "@import", "url(", "<script"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("width=device-width"))
        #expect(page.components(of: "<section>") == page.components(of: "</section>"))
    }

    @Test func `Markdown tables have as many cells in each row`() {
        let tables = markdown(of: sheet()).split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(tables.count > 10)
        #expect(tables.allSatisfy { $0.hasSuffix(" |") })
        let header = tables.first { $0.contains("metric") }
        #expect(header == "| metric | v1.0.0 | this | change | 95 % interval |")
    }

    @Test func `a sheet that is too long loses whole sections, and says which`() {
        let wide = sheet { sheet in
            sheet.changes = (0..<2000).map { .init(text: "file \($0) is new", isLowered: false) }
        }
        let whole = markdown(of: wide)
        #expect(markdown(of: wide, unitsMax: whole.utf16.count) == whole)
        let cut = markdown(of: wide, unitsMax: 10_000)
        #expect(cut.utf16.count <= 10_000)
        #expect(
            cut.hasSuffix(
                "\nLeft out, because it is too long for this place: Changed since v1.0.0. "
                    + "All of it: `slipway report digits --run digits/17`\n"))
        let all = markdown(of: sheet())
        for title in all.split(separator: "\n").filter({ $0.hasPrefix("### ") }).dropFirst() {
            #expect(cut.contains("\n\n\(title)\n\n"), "\(title)")
        }
        #expect(cut.contains("\n```sh\nslipway approve digits\n```\n"))
        #expect(markdown(of: sheet(), unitsMax: 400).utf16.count <= 400)
    }

    @Test func `a terminal's line has at most 100 columns for names of usual length`() {
        #expect(text(of: sheet()).split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
}

extension String {
    fileprivate func components(of mark: String) -> Int {
        var (rest, count) = (self[...], 0)
        while let range = rest.firstRange(of: mark) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
