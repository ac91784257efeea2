import Domain
import Testing

@Test(arguments: ["a", "0", "a-b", "digits", "a--b", "9to5", String(repeating: "x", count: 63)])
func `a legal name is accepted`(text: String) {
    #expect(ModelName(text)?.text == text)
    #expect(DatasetName(text)?.description == text)
    #expect(EnvironmentName(text) != nil)
}

@Test(arguments: [
    "", "-", "-a", "a-", "A", "a_b", "a.b", "a/b", "a b", "ä", "a\n", "a\0", "a#b", "a@b",
    String(repeating: "x", count: 64),
])
func `an illegal name is refused`(text: String) {
    #expect(ModelName(text) == nil)
    #expect(StepName(text) == nil)
    #expect(!isName(text))
}

@Test func `the reserved name is refused where it would clash`() {
    #expect(ModelName("policy") == nil)
    #expect(DatasetName("policy") == nil)
    #expect(EnvironmentName("policy") == nil)
    #expect(StepName("policy") != nil)
    #expect(RoleName("policy") != nil)
}

@Test func `names sort by their text`() {
    let names = ["b", "a-b", "a", "0"].compactMap { ModelName($0) }
    #expect(names.sorted().map(\.text) == ["0", "a", "a-b", "b"])
}

@Test(arguments: ["1.2.3", "v1.2.3", "0.0.0", "v10.20.30"])
func `a version is read and written`(text: String) {
    let version = SemanticVersion(text)
    #expect(version?.description == (text.hasPrefix("v") ? text : "v" + text))
}

@Test(arguments: [
    "", "v", "1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.03", "1.2.-3", "1.2.+3", "1.2.3-rc.1",
    "1.2.3+b", "vv1.2.3", "1..3", "1.2.", " 1.2.3", "1.2.99999999999999999999", "१.2.3",
])
func `what is no version is refused`(text: String) {
    #expect(SemanticVersion(text) == nil)
}

@Test func `versions rise by the part that is asked for`() {
    let version = SemanticVersion(1, 2, 3)
    #expect(version.next(.major) == SemanticVersion(2, 0, 0))
    #expect(version.next(.minor) == SemanticVersion(1, 3, 0))
    #expect(version.next(.patch) == SemanticVersion(1, 2, 4))
    for bump in VersionBump.allCases { #expect(version < version.next(bump)) }
    #expect(SemanticVersion(1, 9, 0) < SemanticVersion(1, 10, 0))
    #expect(SemanticVersion.first == SemanticVersion(1, 0, 0))
}

@Test func `a run is named by its model and number`() {
    let run = RunID("digits/17")
    #expect(run?.model.text == "digits")
    #expect(run?.number == 17)
    #expect(run?.description == "digits/17")
    #expect(RunID("a/9")! < RunID("a/10")!)
    #expect(RunID("a/10")! < RunID("b/1")!)
}

@Test(arguments: [
    "", "digits", "digits/", "digits/0", "digits/-1", "digits/x", "/1", "A/1", "a/1/2",
])
func `what is no run is refused`(text: String) {
    #expect(RunID(text) == nil)
}

@Test func `identifiers have the digits of their kind`() {
    let forty = String(repeating: "0a", count: 20)
    let sixtyFour = String(repeating: "f9", count: 32)
    #expect(ObjectID(forty)?.hex == forty)
    #expect(ObjectID(sixtyFour)?.hex == sixtyFour)
    #expect(Digest(forty) == nil)
    #expect(Fingerprint(sixtyFour)?.short == "f9f9f9f9f9f9")
    #expect(EvidenceID(Digest(sixtyFour)!).hex == "f9f9f9f9f9f9f9f9")
    #expect(ObjectID(forty.uppercased()) == nil)
    #expect(ObjectID(String(forty.dropLast()) + "g") == nil)
    #expect(ObjectID(String(forty.dropLast(2)) + "é") == nil)
    #expect(ObjectID.zero.isZero)
    #expect(ObjectID(forty)?.short == "0a0a0a0")
}

@Test func `identifiers are made of bytes and give them back`() {
    let bytes = (0..<32).map { UInt8($0 * 8 + 7) }
    let digest = Digest(bytes: bytes)
    #expect(digest.bytes == bytes)
    #expect(Digest(digest.hex) == digest)
    #expect(ObjectID(bytes: bytes.prefix(20)).bytes == Array(bytes.prefix(20)))
}
