import Domain
import Testing

@testable import Validation

@Suite struct DatasetPageTests {
    @Test func `the bars of a column and of its baseline are shares over the same bins`() throws {
        let before = profile((0..<1000).map(Double.init))
        let now = profile((500..<1500).map(Double.init))
        let bars = try #require(ColumnBars(now, baseline: before)).bars
        #expect(bars.count == 24)
        #expect(abs(bars.reduce(0) { $0 + $1.now } - 1) < 1e-9)
        #expect(abs(bars.reduce(0) { $0 + ($1.before ?? 0) } - 1) < 1e-9)
        #expect(bars[0].now == 0 && (bars[0].before ?? 0) > 0)
        #expect(bars[23].before == 0 && bars[23].now > 0)
    }

    @Test func `values are shown by how often they occur, and what is left in one bar`() throws {
        let texts = (0..<100).map { "v\($0 % 20)" } + [String](repeating: "v0", count: 100)
        let bars = try #require(ColumnBars(profile(texts), baseline: nil)).bars
        #expect(bars.count == 13)
        #expect(bars[0] == ColumnBars.Bar(label: "v0", now: 105.0 / 200, before: nil))
        #expect(bars[12].label == "all others")
        let same = try #require(ColumnBars(profile([5, 5]), baseline: profile([5, 5]))).bars
        #expect(same == [ColumnBars.Bar(label: "5", now: 1, before: 1)])
        #expect(ColumnBars(profile([String]()), baseline: nil) == nil)
    }

    @Test func `bars of a classified column are numbered`() throws {
        var now = profile((0..<1000).map { 711_000_000 + Double($0) })
        now.isPrivate = true
        let bars = try #require(ColumnBars(now, baseline: nil)).bars
        #expect(bars.map(\.label) == (1...24).map { "bar \($0)" })
        var few = profile([711_000_004, 711_000_004, 711_000_005])
        few.isPrivate = true
        let values = try #require(ColumnBars(few, baseline: nil)).bars
        #expect(values.map(\.label) == ["bar 1", "bar 2"])
        let shown = profile([711_000_004, 711_000_004])
        let both = try #require(ColumnBars(shown, baseline: few)).bars
        #expect(both.allSatisfy { !$0.label.contains("711") }, "\(both)")
    }

    @Test func `nothing that stands in the data is markup`() async throws {
        let folder = try Folder()
        let file = try folder.add("d.csv", "\"<b>\"\n<script>alert(1)</script>\n\"\"\"'&\"\nx\n")
        let manifest = manifest([file], [column("<b>", .string, values: ["x"])])
        let content = try await readContent(of: manifest, root: folder.path)
        let page = DatasetPage(
            title: "<i>", subtitle: "\"", report: content.report,
            profile: try #require(content.profile),
            baseline: ("<u>", try #require(content.profile)))
        for text in ["<b>\"", "<script", "<i>", "<u>", "\"'&\""] {
            #expect(!page.html.contains(text))
        }
        #expect(page.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(!page.html.contains("http://") && !page.html.contains("https://"))
    }
}
