import Domain

/// What a manifest or a schema says of one column, before it is known to make sense.
struct ColumnWords {
    /// What can be said; the raw values are the keys of a manifest.
    enum Key: String, CaseIterable {
        case min, max
        case exclusiveMin = "exclusive_min"
        case exclusiveMax = "exclusive_max"
        case minLength = "min_length"
        case maxLength = "max_length"
        case values, pattern, format
        case decimalChar = "decimal_char"
        case groupChar = "group_char"
        case bareNumber = "bare_number"
        case trueValues = "true_values"
        case falseValues = "false_values"
        case missingValues = "missing_values"

        var isBound: Bool {
            switch self {
            case .min, .max, .exclusiveMin, .exclusiveMax: true
            default: false
            }
        }
    }

    /// In whose words it is said.
    enum Language {
        case manifest, tableSchema

        /// What a column is called.
        var column: String {
            switch self {
            case .manifest: "column"
            case .tableSchema: "field"
            }
        }

        func name(of key: Key) -> String {
            switch self {
            case .manifest: key.rawValue
            case .tableSchema: tableSchemaName(of: key)
            }
        }

        private func tableSchemaName(of key: Key) -> String {
            switch key {
            case .min: "minimum"
            case .max: "maximum"
            case .exclusiveMin: "exclusiveMinimum"
            case .exclusiveMax: "exclusiveMaximum"
            case .minLength: "minLength"
            case .maxLength: "maxLength"
            case .values: "enum"
            case .pattern: "pattern"
            case .format: "format"
            case .decimalChar: "decimalChar"
            case .groupChar: "groupChar"
            case .bareNumber: "bareNumber"
            case .trueValues: "trueValues"
            case .falseValues: "falseValues"
            case .missingValues: "missingValues"
            }
        }
    }

    var name: String
    var type: ColumnDeclaration.Kind
    var required = false
    var unique = false
    /// Where the column is declared.
    var node: YAMLNode
    let language: Language
    private var said: [Key: (name: String, node: YAMLNode)] = [:]

    init(name: String, type: ColumnDeclaration.Kind, node: YAMLNode, in language: Language) {
        self.name = name
        self.type = type
        self.node = node
        self.language = language
    }

    subscript(key: Key) -> YAMLNode? { said[key]?.node }

    /// How the key is called where it is said, or would be.
    func called(_ key: Key) -> String { said[key]?.name ?? language.name(of: key) }

    mutating func say(_ key: Key, _ node: YAMLNode?, called name: String? = nil) {
        said[key] = node.map { (name ?? language.name(of: key), $0) }
    }
}
