import Domain
import Testing

struct FilePatternTests {
    @Test func `a path without wildcards is one file`() {
        #expect(FilePattern("data/x.csv") == nil)
        #expect(FilePattern("data/x[1].csv") == nil)
    }

    @Test(arguments: [
        ("data/part-*.csv", "data/part-1.csv", true), ("data/part-*.csv", "data/part-.csv", true),
        ("data/part-*.csv", "data/x/part-1.csv", false),
        ("data/part-?.csv", "data/part-12.csv", false),
        ("data/**", "data/a/b/c.png", true), ("data/**", "data/c.png", true),
        ("data/**", "other/c.png", false), ("data/**", "data/.hidden", false),
        ("data/**", "data/.git/x", false), ("data/**/*.png", "data/x.png", true),
        ("data/**/*.png", "data/a/b/x.png", true), ("data/**/*.png", "data/a/b/x.jpg", false),
        ("data/*/x", "data/.a/x", false), ("data/.a*/x", "data/.ab/x", true),
    ])
    func `wildcards are those of shells`(pattern: String, path: String, matches: Bool) throws {
        let found = try #require(FilePattern(pattern))
        #expect(found.matches(path) == matches)
        #expect(found.folder == "data")
    }
}
