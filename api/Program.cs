using WeChatUnion.Api;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Health;
using WeChatUnion.Api.Infrastructure.Limits;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Employment;
using WeChatUnion.Api.Modules.Counselling;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Api.Modules.Oversight;
using WeChatUnion.Api.Modules.Singles;
using WeChatUnion.Api.Modules.Unions;

var builder = WebApplication.CreateSlimBuilder(args);

#if DEBUG
await using var demo = await WeChatUnion.Api.Demo.DemoCounty.PrepareAsync(builder);
#endif

// Settings: every fault is told in one sentence, then the program gives up.
var settings = builder.AddSettings(IdentityModule.ReadSettings, ConductModule.ReadSettings, MessagesModule.ReadSettings, CounsellingModule.ReadSettings, EmploymentModule.ReadSettings, SinglesModule.ReadSettings);
if (settings.Faults.Count > 0 && !OpenApiDocuments.AreBeingWritten)
{
    return settings.TellFaults();
}

// Building blocks: what any web back end needs.
builder.AddInfrastructure(settings);

// Modules, from the lowest to the highest; lower never calls higher.
builder.Services
    .AddIdentity()
    .AddUnions()
    .AddOversight()
    .AddMembers()
    .AddConduct()
    .AddMessages()
    .AddActivities()
    .AddCounselling()
    .AddEmployment()
    .AddSingles()
    .AddSchedule()
    .KeepStillWhileDocumentsAreWritten();

var app = builder.Build();

if (!OpenApiDocuments.AreBeingWritten && await app.RunCommandAsync(args) is { } exitCode)
{
    return exitCode;
}

if (!OpenApiDocuments.AreBeingWritten && await app.RefuseStartAsync() is { } refused)
{
    return refused;
}

// The pipeline.
app.UseForwardedHeaders();
app.UseMiddleware<RequestLog>();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseRequestLimits();
app.UseAuthentication();
app.UseMiddleware<RateLimitMiddleware>();
app.UseAuthorization();
app.UseMiddleware<Utf8Only>();

// The routes.
app.MapHealth();
app.MapContract();
var routes = app.MapApi();
routes.MapFiles(Policies.Worker, Policies.Staff);
IdentityModule.Map(routes);
UnionsModule.Map(routes);
OversightModule.Map(routes);
MembersModule.Map(routes);
ConductModule.Map(routes);
MessagesModule.Map(routes);
ActivitiesModule.Map(routes);
EmploymentModule.Map(routes);
CounsellingModule.Map(routes);
SinglesModule.Map(routes);

#if DEBUG
await demo.LoadAsync(app);
#endif

await app.RunAsync();
return 0;
