/// What a value of a declaration must look like; decoders and JSON Schemas are driven by it.
indirect enum Shape: Sendable {
    case text
    /// A text with more in it than white space.
    case filled
    /// Any scalar, taken in its text form: class labels, allowed cells.
    case label
    case flag
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// A number above 0 and below 1.
    case share
    /// `30s`, `10m`, `2h`, `7d`
    case duration
    /// `2026-12-20T00:00:00Z`
    case instant
    /// `512MiB`, `2GiB`
    case size
    case sha256
    /// A relative path.
    case path
    /// `127.0.0.1:8501`
    case address
    /// A name by the rule of `Name`; the word says of what.
    case name(String)
    /// One of these texts; `later` are those that a later version will know.
    case choice([String], later: [String] = [])
    /// One of these texts, which are in small letters, in any letter case of ASCII.
    case word([String])
    case list(Shape, atLeast: Int = 0)
    /// Free keys, all with values of one shape; `names`: the keys follow the rule of `Name`.
    case map(Shape, names: Bool)
    case table(KeyTable)
    /// The mapping, a list of such mappings, or nothing, which is an empty mapping.
    case oneOrMore(KeyTable)
    /// A list with at least one item of the shape, or the mapping.
    case listOrTable(Shape, KeyTable)
    /// One of these texts, or the mapping.
    case choiceOrTable([String], KeyTable, later: [String])
    /// A number, a day or a time.
    case bound
    /// A Table Schema, whose properties are free, or the path of a file that holds one.
    case tableSchema
    /// Any value that JSON can hold.
    case any
}

/// The keys that a mapping of a declaration may have.
struct KeyTable: Sendable {
    struct Key: Sendable {
        var name: String
        var shape: Shape
        var about: String
        var isRequired = false

        init(_ name: String, _ shape: Shape, _ about: String, required: Bool = false) {
            self.name = name
            self.shape = shape
            self.about = about
            isRequired = required
        }
    }

    var about: String
    var keys: [Key]
    /// What other vocabularies call them.
    var synonyms: Synonyms

    init(_ about: String, _ keys: [Key], synonyms: Synonyms = [:]) {
        self.about = about
        self.keys = keys
        self.synonyms = synonyms
    }

    func key(_ name: String) -> Key? { keys.first { $0.name == name } }
}

/// Keys that a later version will know: a named error, never ignored.
let laterKeys: Set<String> = [
    "alerts", "autoscale", "canary", "cpus", "defaults", "drift", "environments",
    "executor", "executors", "forge", "gpus", "image", "mail", "mlflow",
    "monitoring", "notifications", "plugins", "profiles", "quorum", "replicas", "resources",
    "retention", "reviewers", "rollout", "schedule", "search", "secrets",
    "shadow", "sources", "statuses", "tracking", "traffic", "webhooks",
]
