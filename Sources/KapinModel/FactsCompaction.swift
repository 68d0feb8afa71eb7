import KapinBase

/// Facts are written into tables that are used again for the next file, and kept as copies of the exact size.
///
/// So tables rarely grow, the memory that is written stays in the processor's cache, and what is kept has no slack.
extension FileFacts {
  /// A copy whose tables have no room to spare.
  public func compacted() -> FileFacts {
    var copy = FileFacts()
    copy.names = names.compacted()
    copy.lines = lines.compacted()
    copy.imports = Table(exact(imports.rows))
    copy.exports = exact(exports)
    copy.declarations = Table(exact(declarations.rows))
    copy.parameters = exact(parameters)
    copy.bindings = Table(exact(bindings.rows))
    copy.calls = Table(exact(calls.rows))
    copy.elements = Table(exact(elements.rows))
    copy.attributes = exact(attributes)
    copy.texts = exact(texts)
    copy.decorators = exact(decorators)
    copy.assignments = exact(assignments)
    copy.environment = exact(environment)
    copy.statements = Table(exact(statements.rows))
    copy.values = Table(exact(values.rows))
    copy.valueStarts = exact(valueStarts)
    copy.valueLists = exact(valueLists)
    copy.conditions = exact(conditions)
    copy.tests = exact(tests)
    copy.fallbacks = exact(fallbacks)
    copy.implementations = exact(implementations)
    copy.properties = exact(properties)
    copy.style = style
    copy.directives = exact(directives)
    copy.notes = notes
    copy.hasSyntaxErrors = hasSyntaxErrors
    return copy
  }

  /// Empties all tables and keeps their memory.
  public mutating func reset() {
    names.reset()
    lines.reset()
    imports.rows.removeAll(keepingCapacity: true)
    exports.removeAll(keepingCapacity: true)
    declarations.rows.removeAll(keepingCapacity: true)
    parameters.removeAll(keepingCapacity: true)
    bindings.rows.removeAll(keepingCapacity: true)
    calls.rows.removeAll(keepingCapacity: true)
    elements.rows.removeAll(keepingCapacity: true)
    attributes.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    decorators.removeAll(keepingCapacity: true)
    assignments.removeAll(keepingCapacity: true)
    environment.removeAll(keepingCapacity: true)
    statements.rows.removeAll(keepingCapacity: true)
    values.rows.removeAll(keepingCapacity: true)
    valueStarts.removeAll(keepingCapacity: true)
    valueLists.removeAll(keepingCapacity: true)
    conditions.removeAll(keepingCapacity: true)
    tests.removeAll(keepingCapacity: true)
    fallbacks.removeAll(keepingCapacity: true)
    implementations.removeAll(keepingCapacity: true)
    properties.removeAll(keepingCapacity: true)
    style = SourceStyle()
    directives.removeAll(keepingCapacity: true)
    notes.removeAll()
    hasSyntaxErrors = false
  }
}
