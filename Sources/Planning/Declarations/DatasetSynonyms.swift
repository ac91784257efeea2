/// Of a column: the words of JSON Schema and Table Schema, pandera, Great Expectations and others.
let columnSynonyms: Synonyms = [
    "minimum": "min", "min_value": "min", "ge": "min", "at_least": "min", "lower_bound": "min",
    "maximum": "max", "max_value": "max", "le": "max", "at_most": "max", "upper_bound": "max",
    "exclusive_minimum": "exclusive_min", "gt": "exclusive_min", "greater_than": "exclusive_min",
    "exclusive_maximum": "exclusive_max", "lt": "exclusive_max", "less_than": "exclusive_max",
    "min_len": "min_length", "max_len": "max_length",
    "enum": "values", "allowed": "values", "allowed_values": "values", "accepted_values": "values",
    "categories": "values", "choices": "values", "isin": "values", "value_set": "values",
    "domain": "values",
    "regex": "pattern", "regexp": "pattern", "matches": "pattern",
    "dtype": "type", "data_type": "type",
    "nullable": "required", "not_null": "required", "non_null": "required", "optional": "required",
    "distinct": "unique", "is_unique": "unique",
    "na_values": "missing_values", "null_values": "missing_values",
    "decimal": "decimal_char", "thousands": "group_char",
    "sensitive": "classification", "sensitivity": "classification", "pii": "classification",
]

/// Of a dataset.
let datasetSynonyms: Synonyms = [
    "fields": "columns", "table_schema": "schema", "target": "label", "path": "files",
    "paths": "files", "missing_values": "checks.missing_values",
    "fields_match": "checks.columns.match", "expectations": "checks", "tests": "checks",
    "constraints": "rules", "order_by": "sorted_by", "encoding": "dialect.encoding",
    "delimiter": "dialect.delimiter", "separator": "dialect.delimiter", "sep": "dialect.delimiter",
]

/// Of `checks`.
let checkSynonyms: Synonyms = [
    "not_null": "missing_ratio", "nulls": "missing_ratio", "null_ratio": "missing_ratio",
    "missing": "missing_ratio", "duplicates": "duplicate_rows", "cardinality": "distinct_count",
    "nunique": "distinct_count", "unique_count": "distinct_count",
    "unique_value_count": "distinct_count", "average": "mean", "median": "quantile",
    "std": "stdev", "minimum": "min", "maximum": "max", "total": "sum",
    "outliers": "outliers_tukey", "pii": "private_data", "class_imbalance": "class_balance",
    "new_categories": "new_category", "mixed_nulls": "mixed_missing",
    "is_single_value": "constant", "mixed_data_types": "mixed_types",
]

/// Of a named check.
let limitSynonyms: Synonyms = [
    "minimum": "min", "min_value": "min", "at_least": "min", "maximum": "max", "max_value": "max",
    "at_most": "max", "column": "columns", "level": "severity",
]

/// What manifests and others call the words of a Table Schema.
enum TableSchemaSynonyms {
    static let schema: Synonyms = ["columns": "fields", "match": "fieldsMatch"]

    static let field: Synonyms = [
        "required": "constraints.required", "unique": "constraints.unique",
        "minimum": "constraints.minimum", "min": "constraints.minimum",
        "maximum": "constraints.maximum", "max": "constraints.maximum",
        "exclusive_minimum": "constraints.exclusiveMinimum",
        "exclusive_min": "constraints.exclusiveMinimum",
        "exclusive_maximum": "constraints.exclusiveMaximum",
        "exclusive_max": "constraints.exclusiveMaximum",
        "min_length": "constraints.minLength", "max_length": "constraints.maxLength",
        "pattern": "constraints.pattern", "enum": "constraints.enum",
        "values": "constraints.enum",
    ]

    static let constraints: Synonyms = [
        "min": "minimum", "max": "maximum", "exclusive_min": "exclusiveMinimum",
        "exclusive_max": "exclusiveMaximum", "values": "enum", "nullable": "required",
        "regex": "pattern",
    ]
}
