using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>What files of one kind are for. The module that uses them registers it and decides who may bring and see them.</summary>
/// <param name="Name">Snake_case, e.g. <c>activity_cover</c>.</param>
/// <param name="InUse">
/// SQL about a row of <c>files</c>: something refers to it. The referring column must be a foreign key, so that a file
/// is not deleted in the moment in which it comes into use.
/// </param>
internal sealed record FilePurpose(string Name, string InUse, MayUploadFile MayUpload, MayReadFile MayRead);

/// <summary>Whether the caller's role may bring files of this purpose at all.</summary>
internal delegate Task<bool> MayUploadFile(Db db, Caller caller, CancellationToken cancellation);

/// <summary>Whether the caller may see this file, and use it for something of hers.</summary>
internal delegate Task<bool> MayReadFile(Db db, Caller caller, FileRow file, CancellationToken cancellation);
