using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>
/// Says of a schema what the framework cannot see: our text converter hides that a text is a string; a request demands
/// only what is <see cref="NeededAttribute"/> and refuses unknown members; an answer has all its members and may grow.
/// </summary>
internal static class OpenApiSchemas
{
    private const string RequestName = "Request";

    public static void Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(string))
        {
            schema.Type = IsNullable(context) ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            DescribeObject(schema, context.JsonTypeInfo);
        }
    }

    private static bool IsNullable(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo is { } property && property.IsGetNullable && !IsNeeded(property);

    private static bool IsNeeded(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(NeededAttribute), inherit: false) == true;

    private static void DescribeObject(OpenApiSchema schema, JsonTypeInfo type)
    {
        if (type.Type.Name == RequestName)
        {
            schema.Required = type.Properties.Where(IsNeeded).Select(p => p.Name).ToHashSet();
            schema.AdditionalPropertiesAllowed = false;
        }
        else
        {
            schema.AdditionalPropertiesAllowed = true;
            schema.AdditionalProperties = null;
        }
    }
}
