import Domain
import Testing

struct DataNoticeTests {
    private let name = DatasetName(checked: "d")

    @Test func `warnings of old notes are parted from how the data moved`() {
        let told = [
            DataDrift(
                dataset: name, summary: "passed with 1 warning",
                findings: ["warning: constant of `a`: one", "b: psi is 0.3"]),
            DataDrift(dataset: name, summary: "it moved", findings: ["c: ks is 0.2"]),
        ]
        let (drift, notices) = DataNotice.parting(told)
        #expect(drift.map(\.findings) == [["b: psi is 0.3"], ["c: ks is 0.2"]])
        #expect(
            notices == [DataNotice(dataset: name, count: 1, lines: ["constant of `a`: one"])])
        #expect(DataNotice.parting([told[1]]).notices.isEmpty)
    }
}
