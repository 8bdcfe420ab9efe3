using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>Two documents, for workers and for the office, and Swagger UI over both.</summary>
internal static class OpenApiDocuments
{
    public const string Worker = "worker";
    public const string Office = "office";
    private const string OfficePrefix = "api/v1/office";
    private const string Writer = "GetDocument.Insider";

    /// <summary>
    /// The build runs the program, in Production and without settings, only to write the documents: then no settings
    /// are judged, no database is opened and no loop runs.
    /// </summary>
    public static bool AreBeingWritten { get; } = Assembly.GetEntryAssembly()?.GetName().Name == Writer;

    public static void AddOpenApiDocuments(this IServiceCollection services)
    {
        Add(services, Worker, "职工端接口", path => !path.StartsWith(OfficePrefix, StringComparison.Ordinal));
        Add(services, Office, "工作端接口", path => path.StartsWith(OfficePrefix, StringComparison.Ordinal));
    }

    public static IServiceCollection KeepStillWhileDocumentsAreWritten(this IServiceCollection services) =>
        AreBeingWritten ? services.RemoveAll<IHostedService>() : services;

    public static Routes MapApi(this WebApplication app) => new(app.MapGroup("/api/v1"), app.MapGroup("/api/v1/office"));

    public static void MapContract(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        if (!app.Environment.IsProduction())
        {
            app.UseSwaggerUI(o =>
            {
                o.SwaggerEndpoint($"/openapi/{Worker}.json", "职工端");
                o.SwaggerEndpoint($"/openapi/{Office}.json", "工作端");
            });
        }
    }

    private static void Add(IServiceCollection services, string name, string title, Func<string, bool> belongs) =>
        services.AddOpenApi(name, o =>
        {
            o.ShouldInclude = d => belongs(d.RelativePath ?? "");
            o.CreateSchemaReferenceId = SchemaName;
            o.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document, title);
                OpenApiSchemas.Finish(document);
                return Task.CompletedTask;
            });
            o.AddSchemaTransformer(OpenApiSchemas.DescribeAsync);
            o.AddOperationTransformer((operation, context, _) =>
            {
                OpenApiOperations.Describe(operation, context);
                return Task.CompletedTask;
            });
        });

    /// <summary>Nested types of equal names would collapse into one schema without a word: Enrol.Response is EnrolResponse.</summary>
    private static string? SchemaName(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        if (name is null)
        {
            return null;
        }

        if (type.Type is { IsGenericType: true } && type.Type.GetGenericTypeDefinition() == typeof(Listing<>))
        {
            var item = type.Type.GetGenericArguments()[0];
            return $"{item.DeclaringType?.Name ?? item.Name}Listing";
        }

        return type.Type.DeclaringType is { } slice ? slice.Name + name : name;
    }

    private static void Describe(OpenApiDocument document, string title)
    {
        document.Info = new OpenApiInfo
        {
            Title = $"工会服务平台 · {title}",
            Version = "v1",
            Description = "Refusals are application/problem+json, all codes stand in errors.md; a POST that creates carries an Idempotency-Key.",
        };

        // Where it runs is the deployment's business; a document that names a host differs on each machine.
        document.Servers = null;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["session"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas["Problem"] = ProblemSchema();
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("session", document)] = [] }];
    }

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "application/problem+json: code for programs, detail for the person; all codes stand in errors.md.",
        Required = new HashSet<string> { "status", "code", "detail", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
            ["present"] = new OpenApiSchema { Type = JsonSchemaType.Object },
            ["hotlines"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "Whom to call at any hour; on routes of psychological support.",
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["number"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null },
                        ["name"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
            },
        },
    };
}
