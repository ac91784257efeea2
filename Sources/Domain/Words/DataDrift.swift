/// How the data of one dataset moved from what the baseline was made of, in words for people.
///
/// It decides nothing; what it is measured with stands in each sentence.
package struct DataDrift: Hashable, Codable, Sendable {
    package var dataset: DatasetName
    package var rowsBefore: Int?
    package var rowsNow: Int?
    /// One line for the dataset as a whole: `2 of 7 columns have drifted (less than 50 %)`.
    package var summary: String
    /// A line for each measure of a column that is over a limit, and for columns of one side only.
    package var findings: [String]

    package init(
        dataset: DatasetName, rowsBefore: Int? = nil, rowsNow: Int? = nil, summary: String,
        findings: [String] = []
    ) {
        self.dataset = dataset
        self.rowsBefore = rowsBefore
        self.rowsNow = rowsNow
        self.summary = summary
        self.findings = findings
    }
}
