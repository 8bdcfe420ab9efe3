using System.Runtime.CompilerServices;
using System.Text;
using LinqToDB.Mapping;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>Column names are the property names in snake_case; said once here rather than on every property.</summary>
internal static class Naming
{
    /// <summary>linq2db has one hook for the whole process; it leaves names alone that a row sets itself.</summary>
    public static void Apply() => MappingSchema.EntityDescriptorCreatedCallback = (_, entity) =>
    {
        foreach (var column in entity.Columns)
        {
            // Anonymous types are the parameters of plain SQL: they keep the names that stand in it.
            if (column.ColumnName == column.MemberName && !entity.TypeAccessor.Type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            {
                column.ColumnName = SnakeCase(column.MemberName);
            }
        }
    };

    private static string SnakeCase(string name)
    {
        var words = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
            {
                words.Append('_');
            }

            words.Append(char.ToLowerInvariant(name[i]));
        }

        return words.ToString();
    }
}
